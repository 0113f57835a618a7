"""Pipeline: joins source, model, tracker and sinks; the top floor of the runtime."""
