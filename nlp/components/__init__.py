"""Our spaCy components, one factory each; all are registered as ``throughline_…``."""
