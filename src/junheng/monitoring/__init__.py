"""察 What the law asks of schools and counties: indicators measured from rows, assessments, plans tracked."""
