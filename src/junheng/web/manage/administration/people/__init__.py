"""人员: accounts and what is done about them."""
