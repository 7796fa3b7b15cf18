"""The notebooks as web pages, through Voila: on this computer only, behind a token, kept warm.

pages   what is served: each notebook's name, its title and whom it is for
runs    a notebook being run for one visitor, and those that wait for one
server  Voila's server with our pages, and with nothing else of the folder
"""
