"""Stress-tests sequence classifiers: is the result real, and will it hold?"""
