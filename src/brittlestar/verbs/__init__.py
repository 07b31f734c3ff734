"""What a user asks for: each verb is a function here, called by the command line and by Python alike."""
