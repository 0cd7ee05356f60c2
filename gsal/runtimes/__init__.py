"""What runs a trained ink network: torch, made faster, or OpenVINO, both compared with plain torch."""
