STACK := TestStorage
