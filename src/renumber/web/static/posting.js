// The answer goes on to the application by itself; without scripts the person presses the button.

document.getElementById("answer").requestSubmit();
