"""An image with all its evidence, copied by digest from one repository to another."""
