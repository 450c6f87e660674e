"""Prose: articles of a document that has no marks, found by layout, cues and words.

Every paragraph is described in numbers (`features`), rated as a headline by trees learned from
layout alone (`trees`), and the best segmentation of the whole document is chosen (`segment`).
"""
