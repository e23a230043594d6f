"""How reviews and documents are cited: references, APA, RIS, BibTeX and page metadata."""
