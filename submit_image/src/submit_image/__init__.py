"""SubmitImage: downloads a picture from a URL, stores it and hands out its id."""
