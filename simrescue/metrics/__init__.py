"""Metrics: functions from the event log to tables and numbers."""
