project = "Figures"
extensions = ["myst_parser"]
