"""Measure the shipped model on items that it was not trained on: `python -m training.eval`. Needs no torch.

Templates, values and seed are not those of the training text. `skills` lists what is measured, `checks` says
when an answer is right, `running` asks the engine, `table` prints.
"""
