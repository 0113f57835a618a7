"""From the steps of an id's course to events in words."""
