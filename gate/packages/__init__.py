"""What a package is called, how its versions are ordered, and what licences say: purls, ranges."""
