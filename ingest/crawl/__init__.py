"""Fetching from publishers: gently, from their own hosts only, and never twice for nothing."""
