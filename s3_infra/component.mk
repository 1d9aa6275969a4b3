STACK := OpenDevOpsS3
