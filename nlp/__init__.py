"""From passages to findings, vectors and answers."""
