"""Registers of another kind than the product's own: what a declaration promises must hold for them too.

Wells have a place on the map, memos have none, permits go through six states and need four eyes. Nothing here but
models, declarations, arrows and verbs: list, page, form, import, export, API, history and tiles follow from them.
"""
