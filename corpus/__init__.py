"""What Throughline holds: reviews, documents, passages, findings and judgements."""
