"""Mutation of models: would a test notice if one node of a model's SQL were wrong?"""
