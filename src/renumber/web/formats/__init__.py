"""Values as pages show them: times, contacts, countries, QR codes and the rows of lists."""
