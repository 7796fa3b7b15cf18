"""Self-assessment: what the data says, what people answer, and the plan for what lies between."""
