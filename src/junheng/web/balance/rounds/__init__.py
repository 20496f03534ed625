"""An assessment on its way up: a case with the states of the rules, each freezing its run."""
