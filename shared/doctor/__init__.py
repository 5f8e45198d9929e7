"""The doctor: looks at everything that the app stands on and says what is wrong and what mends it (docs/doctor.md).

    table.py     the checks, in order, with what each needs
    …_looks.py   doing: asks, tries, cleans up; gives what it saw
    judging_….py deciding: what that means, as pure functions; advice.py has the commands
    examining.py runs them

It knows no service: its ports are in ports.py, and shared/bootstrap joins it to the adapters of the app itself.
"""
