"""What people type: codes and names, read by one rule wherever they are typed."""
