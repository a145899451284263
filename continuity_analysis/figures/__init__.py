"""Figures and tables made from estimates: one module per question, one style, one place for words."""
