"""The house: scope, page, words, layout. What every room's pages are made with."""
