"""The school's own clock: school years and their days, deadlines that fall on school days, reminders sent once."""
