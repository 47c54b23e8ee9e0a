"""Work in worker processes: queue, records, words for people, and what jobs leave behind."""
