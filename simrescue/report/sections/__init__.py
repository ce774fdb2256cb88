"""The sections of the report, each as data for the templates."""
