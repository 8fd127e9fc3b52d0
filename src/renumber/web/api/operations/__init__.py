"""Operations of an API, each declared once: by this it is routed, judged and documented."""
