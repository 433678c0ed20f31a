"""Units, persons, appointments and the page of grants."""
