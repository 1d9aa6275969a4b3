STACK := OpenDevOpsDynamoDB
