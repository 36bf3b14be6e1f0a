"""The rig that breaks a running Fechatter in every way it can, and judges its promises from the outside."""
