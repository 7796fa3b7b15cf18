"""casekit: school case management held against published standards."""

__version__ = "0.1.0"
