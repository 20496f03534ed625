"""Long actions as jobs: asked for, carried out by a worker, watched, cancelled, kept with their result.

A heavy job is a verb of the command line in a process of its own; a quick one is a function in the worker.
Rooms name their verbs by `registry.register` and start them by `actions.start`.
"""
