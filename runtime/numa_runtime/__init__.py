"""Run an artifact without torch: sources, sessions, vision, tracking, sinks, and the pipeline that joins them."""
