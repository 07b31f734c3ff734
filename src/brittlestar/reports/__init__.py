"""From a study's record to pages, figures and tables: reads records, draws, writes files; judges nothing."""
