"""均衡监测: what the assessments ask, met or not, where and by how much."""
