STACK := OpenDevOpsSageMaker
