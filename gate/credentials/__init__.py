"""What a text gives away: credentials by their form, by their name, and references that hold none.

One table for manifests and for the configuration of images. Nothing here counts entropy: a
text is a credential by a documented form, or by the name that it is given.
"""
