"""The trainer's room: standards walked through, breaches hunted, questions asked, answers merged.

Pure functions over the same rules that make the reports. Only `answers` and `merge` touch the disk.
"""
