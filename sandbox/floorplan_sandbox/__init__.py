"""A local AWS endpoint for Floorplan: moto, with the behaviour that a provisioner meets on AWS put back.

moto answers as if nothing could go wrong: resources in use are deleted, client tokens and dry runs are
ignored, every state is final at once. Each module under `gaps` closes one such difference at run time.
This package must never be needed by Floorplan's own code: against AWS the program behaves the same.
"""
