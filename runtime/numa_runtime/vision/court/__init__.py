"""From pixels to metres: the sizes of courts, and the homography of four known points or more."""
