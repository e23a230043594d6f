"""From a published file or page to captures, documents and passages."""
