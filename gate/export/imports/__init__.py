"""The demands of other tools' configurations, as a policy of gate, and an account of each."""
