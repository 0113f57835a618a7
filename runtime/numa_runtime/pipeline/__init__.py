"""Pipeline: joins source, model, tracker and sinks (DESIGN section 2); the top floor of the runtime."""
