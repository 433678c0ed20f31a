"""Pages of units, persons, appointments, stand-ins and the page of grants."""
