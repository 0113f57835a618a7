"""From frame to arrays and back: letterbox, clip stacking, decoders, NMS, drawing."""
